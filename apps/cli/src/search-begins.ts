// What the bundle's entry hears of the program, which lies in another script.

/** An event of the process: a search begins that will take more than a few milliseconds. */
export const SEARCH_BEGINS = "thoth search begins";
