export { makeFolder } from "./make-folder.ts";
export { openStore, type StoreOptions } from "./sqlite-store.ts";
export { readTwice, writeTwice } from "./twice.ts";
