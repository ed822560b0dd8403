import { Terminal } from './narration/Terminal.js';
import { readOptions, usage, type DemoOptions } from './options.js';
import { readPage } from './readPage.js';
import { startDemo } from './startDemo.js';

/** Whatever still runs then is left behind: a person who presses Ctrl-C wants to go. */
const patienceMs = 800;

const options = optionsOrExit();
const { page, files } = await readPage(new URL('../src/page/', import.meta.url));
const endpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] || undefined;
const stop = await startDemo(options, { page, files, terminal: new Terminal(process.stdout, process.env), endpoint });

let ending = false;
function end(): void {
  if (ending) {
    return;
  }
  ending = true;
  setTimeout(() => process.exit(0), patienceMs).unref();
  void stop().finally(() => process.exit(0));
}

process.on('SIGINT', end);
process.on('SIGTERM', end);
if (options.durationSeconds !== undefined) {
  setTimeout(end, options.durationSeconds * 1_000);
}

function optionsOrExit(): DemoOptions {
  try {
    const read = readOptions(process.argv.slice(2));
    if (read !== 'help') {
      return read;
    }
    process.stdout.write(usage);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}
