export type {
  Action,
  Badge,
  Change,
  Choices,
  Editing,
  Failure,
  Flaw,
  Found,
  Offer,
  PackageRow,
  PanelModel,
  Reason,
  Step,
  Told,
  Version,
} from "./model.ts";
export { Panel } from "./panel.tsx";
export { english, type Translator } from "./translate.ts";
