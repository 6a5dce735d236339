import type { Annotation } from './annotation.ts'

/** The schema that says what a log is. */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/**
 * Annotations as a log of SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"): a rule for each code, and paths from the root of
 * the repository, by the name of that which forges know. What is no file is shown at `elsewhere`: the format needs no place, but the code scanning of GitHub refuses the whole log
 * where one is missing (docs/unproven.md#forges).
 */
export function sarifLog(annotations: readonly Annotation[], version: string, elsewhere: string): string {
  const codes = [...new Set(annotations.map(({ code }) => code))].sort()
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'eosflow', semanticVersion: version, rules: codes.map((id) => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        results: annotations.map(({ severity, code, text, file = elsewhere, line, column }) => ({
          ruleId: code,
          ruleIndex: codes.indexOf(code),
          level: severity,
          message: { text },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(file), uriBaseId: '%SRCROOT%' },
                region: { startLine: line, startColumn: column },
              },
            },
          ],
        })),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

/** A path as a relative reference (RFC 3986 4.2). */
function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
