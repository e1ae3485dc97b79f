// Colours are JupyterLab's own, so that every theme works.

export const styles = `
.thoth-dependencies { overflow: auto; background: var(--jp-layout-color1); color: var(--jp-ui-font-color1); }
.thoth-panel { padding: 12px; font-size: var(--jp-ui-font-size1); }
.thoth-panel h2 { font-size: var(--jp-ui-font-size2); margin: 0 0 8px; overflow-wrap: anywhere; }
.thoth-panel button { border: 1px solid var(--jp-border-color1); border-radius: 2px; padding: 4px 10px;
  background: var(--jp-layout-color2); color: var(--jp-ui-font-color1); cursor: pointer; }
.thoth-panel button:disabled { opacity: 0.6; cursor: default; }
.thoth-panel .thoth-primary { background: var(--jp-brand-color1); color: var(--jp-ui-inverse-font-color1);
  border-color: var(--jp-brand-color1); margin-right: 8px; }
.thoth-panel :focus-visible { outline: 2px solid var(--jp-brand-color1); outline-offset: 1px; }
.thoth-packages { width: 100%; border-collapse: collapse; margin: 12px 0; }
.thoth-packages caption { text-align: left; font-weight: 600; padding: 4px 0; }
.thoth-packages th, .thoth-packages td { text-align: left; padding: 3px 4px; overflow-wrap: break-word;
  border-bottom: 1px solid var(--jp-border-color2); }
.thoth-packages .thoth-noted > * { border-bottom: 0; }
.thoth-packages tbody th { width: 100%; font-weight: normal; font-family: var(--jp-code-font-family); overflow-wrap: anywhere; }
.thoth-packages button { padding: 0 8px; }
.thoth-flaws { list-style: none; padding: 0; margin: 2px 0; display: flex; flex-wrap: wrap; gap: 0 10px; color: var(--jp-error-color0); }
.thoth-flaws a { color: inherit; text-decoration: underline; }
.thoth-remark { color: var(--jp-ui-font-color2); }
.thoth-packages .thoth-actions { white-space: nowrap; text-align: right; width: 1px; }
.thoth-told { border: 1px solid var(--jp-border-color1); padding: 4px 8px; margin: 8px 0; }
.thoth-told h3 { font-size: var(--jp-ui-font-size1); margin: 4px 0; }
.thoth-told pre { white-space: pre-wrap; overflow: auto; max-height: 320px; font-size: var(--jp-code-font-size); }
.thoth-packages details { margin: 12px 0; }
.thoth-choice { margin-top: 12px; }
.thoth-add { display: flex; gap: 8px; align-items: end; margin-top: 12px; }
.thoth-add label, .thoth-choice label { display: flex; flex-direction: column; flex: 1; gap: 2px; }
.thoth-add label, .thoth-panel input, .thoth-panel select { min-width: 0; box-sizing: border-box; }
.thoth-panel input, .thoth-panel select { background: var(--jp-input-background); color: var(--jp-ui-font-color1);
  border: 1px solid var(--jp-border-color1); padding: 4px; }
.thoth-work ol { list-style: none; padding: 0; }
.thoth-work .thoth-label { font-weight: 600; }
.thoth-offer { border-left: 3px solid var(--jp-warn-color1); padding: 0 8px; margin: 8px 0; overflow-wrap: anywhere; }
.thoth-failure { border-left: 3px solid var(--jp-error-color1); padding: 0 8px; overflow-wrap: anywhere; }
.thoth-badges { list-style: none; padding: 0; margin: 2px 0; display: flex; flex-wrap: wrap; gap: 4px; }
.thoth-badge { padding: 0 4px; border: 1px solid var(--jp-border-color1); border-radius: 2px;
  font-size: var(--jp-ui-font-size0); }
.thoth-yanked, .thoth-gone { border-color: var(--jp-error-color1); }
.thoth-given-up { border-color: var(--jp-warn-color1); }
.thoth-field { display: flex; flex-direction: column; gap: 2px; margin: 4px 0; }
.thoth-versions { display: flex; flex-wrap: wrap; gap: 6px; margin: 8px 0; }
.thoth-versions select:nth-of-type(2) { flex: 1; }
.thoth-check { display: flex; gap: 6px; align-items: center; margin-top: 12px; }
.thoth-result { margin-bottom: 8px; }
.thoth-result ul { padding-left: 18px; margin: 2px 0; overflow-wrap: anywhere; }
.thoth-sharing { margin-top: 12px; }
.thoth-sharing ul { list-style: none; padding: 0; margin: 4px 0; }
.thoth-sharing li { margin: 8px 0; overflow-wrap: anywhere; }
.thoth-sharing p { margin: 0 0 4px; color: var(--jp-ui-font-color2); }
.thoth-sharing button { margin-right: 8px; }
.thoth-sharing a { color: var(--jp-content-link-color); text-decoration: underline; }
.thoth-log { margin-top: 12px; }
.thoth-log pre { white-space: pre-wrap; overflow: auto; max-height: 240px; font-size: var(--jp-code-font-size); }
.thoth-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;
