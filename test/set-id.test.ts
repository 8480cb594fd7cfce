// Root copies a file of Asterisk's user. At no instant may the copy be a program that runs as root.
import { chmodSync, lstatSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type FileState, fileSystem } from "../src/asterisk/files.ts";
import { writeWhole } from "../src/installer/apply/atomic.ts";
import "./as-root.ts";
import { etc, onGround, uid } from "./theirs.ts";

test("a set-uid program of Asterisk's user in the place of a file: a copy of it is never root's, not even half written", () =>
  onGround(async ({ root }) => {
    const path = `${etc}/features.conf`;
    chmodSync(join(root, path), 0o6755);
    const owner = (await fileSystem(root).read(path)) as FileState;
    assert.equal([owner.uid, owner.mode], [uid, 0o6755]);
    const handle = await open(join(root, path));
    const handles = Object.getPrototypeOf(handle);
    await handle.close();
    const original = handles.writeFile;
    const owners: number[] = [];
    handles.writeFile = async function (...args: unknown[]) {
      owners.push((await this.stat()).uid);
      return original.apply(this, args);
    };
    try {
      await fileSystem(root).at(path, (place) => writeWhole(place, owner.content, owner));
    } finally {
      handles.writeFile = original;
    }
    assert.equal(owners, [uid]);
    assert.is(lstatSync(join(root, path)).mode & 0o7777, 0o755);
  }));

test.run();
