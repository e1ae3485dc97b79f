export {
  type Action,
  type Failure,
  type Offer,
  type PackageRow,
  type PanelModel,
  type Step,
  TYPES,
} from "./model.ts";
export { Panel } from "./panel.tsx";
