// The version of the commands: that of apps/cli/package.json, which a test compares.

export const VERSION = "0.1.0";
