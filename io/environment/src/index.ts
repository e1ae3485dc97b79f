export { type Interpreter, probeInterpreter, targetOf } from "./interpreter.ts";
export {
  findInterpreters,
  type SearchOptions,
  selectInterpreter,
} from "./interpreter-search.ts";
