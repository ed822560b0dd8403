/**
 * Writes the public surface of every entry point, as built, to packages/<name>/etc/*.api.md, which is reviewed like code.
 * `--check` writes nothing and fails when a report is not what the build gives.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';

/** The first entry of a package is its front door: every type it shows has to be had through it. The others lean on it. */
const PACKAGES = {
  core: { core: 'index', 'core-telemetry': 'telemetry', 'core-testing': 'testing' },
  'instrumentation-resilience': { 'instrumentation-resilience': 'index' },
};
const check = process.argv.includes('--check');
const root = fileURLToPath(new URL('..', import.meta.url));

function configOf(home, report, entry) {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: home,
      mainEntryPointFilePath: `${home}/dist/esm/${entry}.d.ts`,
      compiler: { tsconfigFilePath: `${home}/tsconfig.build.json` },
      apiReport: {
        enabled: true,
        reportFileName: `${report}.api.md`,
        reportFolder: `${home}/etc`,
        reportTempFolder: `${root}.test-results/api/`,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'warning' } },
        extractorMessageReporting: {
          default: { logLevel: 'warning', addToApiReportFile: true },
          // Everything exported is public; what is not says @internal.
          'ae-missing-release-tag': { logLevel: 'none' },
          // A link to something that is a type and a value at once is fine for every reader but this one.
          'ae-unresolved-link': { logLevel: 'none' },
          // Told with line numbers of built files, which change with every edit.
          'ae-undocumented': { logLevel: 'none' },
          'ae-forgotten-export': { logLevel: report === 'core' ? 'error' : 'none' },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: `${home}/package.json`,
  });
}

/** Only what is wrong is worth a line. */
function messageCallback(message) {
  if (message.logLevel !== 'error' && message.logLevel !== 'warning') message.handled = true;
}

function report(name, entries) {
  const home = `${root}packages/${name}`;
  mkdirSync(`${home}/etc`, { recursive: true });
  const configs = Object.entries(entries).map(([file, entry]) => configOf(home, file, entry));
  const additionalEntryPoints = configs.map((config) => config.mainEntryPointFilePath);
  const compilerState = CompilerState.create(configs[0], { additionalEntryPoints });
  return configs.map((config) => {
    const { succeeded, apiReportChanged } = Extractor.invoke(config, { compilerState, localBuild: !check, messageCallback });
    const stale = check && apiReportChanged;
    if (stale) console.error(`${config.reportFilePath} is stale: run \`npm run api\` and look at what changed`);
    return succeeded && !stale;
  });
}

process.exitCode = Object.entries(PACKAGES)
  .flatMap(([name, entries]) => report(name, entries))
  .every(Boolean)
  ? 0
  : 1;
