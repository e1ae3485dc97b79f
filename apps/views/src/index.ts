export {
  type Action,
  type Choices,
  ENGINES,
  type Failure,
  type Flaw,
  type Offer,
  type PackageRow,
  type PanelModel,
  type Step,
  type Told,
  TYPES,
} from "./model.ts";
export { Panel } from "./panel.tsx";
