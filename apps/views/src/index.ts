export {
  type Action,
  type Badge,
  type Change,
  type Choices,
  type Editing,
  enginesIn,
  type Failure,
  type Flaw,
  type Found,
  type Offer,
  type Option,
  type PackageRow,
  type PanelModel,
  type Reason,
  type ShareForm,
  type Sharing,
  type Step,
  type Told,
  typesIn,
  type Version,
} from "./model.ts";
export { Panel } from "./panel.tsx";
export { english, type Translator } from "./translate.ts";
