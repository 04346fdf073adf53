#!/usr/bin/env node
import { main } from '../dist/cli/main.js';

process.exitCode = await main(process.argv.slice(2));
// Nothing should hold the process now; if something does (a connection to a Redis that hangs), it is let go.
setTimeout(() => process.exit(), 2_000).unref();
