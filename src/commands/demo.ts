import { exitCode } from "../errors.ts";
import type { Command } from "./command.ts";
export const demo: Command = async () => exitCode.done;
