export { isElf, namesSymbol, readElf } from "./elf.ts";
export { type NativePackage, readApkInstalled, readDpkgStatus } from "./image/native-packages.ts";
export { type OsRelease, readOsRelease } from "./image/os-release.ts";
export { readRpmDatabase, readRpmHeader } from "./image/rpm-database.ts";
export { readSqliteTable, type SqliteRow, type SqliteValue } from "./image/sqlite-table.ts";
