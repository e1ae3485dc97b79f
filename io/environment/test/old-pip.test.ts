import assert from "node:assert/strict";
import { test } from "node:test";
import { isOldPip, plainLinuxName } from "../src/old-pip.ts";

test("an old pip is told by the name of its wheel", () => {
  assert.equal(isOldPip("/x/_bundled/pip-18.1-py2.py3-none-any.whl"), true);
  assert.equal(isOldPip("/x/_bundled/pip-21.2.4-py3-none-any.whl"), false);
  assert.equal(isOldPip("/x/something.whl"), false);
});

test("wheels of Linux get the tag that every pip knows, others keep their names", () => {
  const plain = (platform: string): string | undefined => plainLinuxName(`a-1.0-cp36-cp36m-${platform}.whl`);
  for (const platform of [
    "manylinux1_x86_64",
    "manylinux2010_x86_64",
    "manylinux_2_5_x86_64.manylinux1_x86_64",
    "musllinux_1_1_x86_64",
  ])
    assert.equal(plain(platform), "a-1.0-cp36-cp36m-linux_x86_64.whl");
  assert.equal(plain("manylinux2014_aarch64"), "a-1.0-cp36-cp36m-linux_aarch64.whl");
  for (const platform of ["any", "win_amd64", "macosx_10_9_x86_64", "linux_x86_64"])
    assert.equal(plain(platform), undefined);
});
