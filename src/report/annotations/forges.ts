import { sha256 } from '../../model/digest.ts'
import { visibleLine } from '../text/visible.ts'
import type { Annotation } from './annotation.ts'

/** The schema that says what a log is. */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/**
 * Annotations as a log of SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"): a rule for each code, and paths from the root of
 * the repository, by the name of that which forges know. What is no file is shown at `elsewhere`: the format needs no place, but the code scanning of GitHub refuses the whole log
 * where one is missing (docs/unproven.md#forges).
 */
function sarifLog(annotations: readonly Annotation[], version: string, elsewhere: string): string {
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

/** What a format needs beside the annotations. */
export interface AnnotationGround {
  /** The file that stands for what is no file, by its path from the root of the repository. */
  readonly settings: string
  /** The version of eosflow. */
  readonly version: string
}

/** Annotations, by format. A document ends with a line break. */
export const annotationsAs: Readonly<
  Record<'github' | 'gitlab' | 'sarif', (annotations: readonly Annotation[], ground: AnnotationGround) => string>
> = {
  github: (annotations) => githubAnnotations(annotations),
  gitlab: (annotations, { settings }) => gitlabReport(annotations, settings),
  sarif: (annotations, { settings, version }) => sarifLog(annotations, version, settings),
}

/**
 * Annotations as workflow commands of GitHub Actions, one a line: `::error file=…,line=…,endLine=…,col=…,title=…::…` (GitHub Docs, "Workflow
 * commands for GitHub Actions"). A column is shown where the annotation is of one line, which each of ours is.
 */
function githubAnnotations(annotations: readonly Annotation[]): string {
  return annotations.map(commandOf).join('')
}

function commandOf({ severity, code, text, file, line, column }: Annotation): string {
  const place =
    file === undefined
      ? []
      : [`file=${property(visibleLine(file))}`, `line=${line}`, `endLine=${line}`, `col=${column}`]
  return `::${severity} ${[...place, `title=${property(`eosflow ${code}`)}`].join(',')}::${data(text)}\n`
}

/** What a runner takes back from behind `::` (actions/toolkit, packages/core/src/command.ts, escapeData). */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** The same for a property, which `:` and `,` would end (escapeProperty). */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

/**
 * Annotations as a Code Quality report of GitLab (GitLab Docs, "Code quality report format"). A fingerprint does not change when lines move: it is of the
 * file, the code and the text, and for the second of several equal ones of its number, too. What is no file is shown at `elsewhere`: the format asks for a path.
 */
function gitlabReport(annotations: readonly Annotation[], elsewhere: string): string {
  const seen = new Map<string, number>()
  const report = annotations.map(({ severity, code, text, file = elsewhere, line }) => {
    const same = JSON.stringify([file, code, text])
    const number = seen.get(same) ?? 0
    seen.set(same, number + 1)
    return {
      description: text.replaceAll('\n', ' '),
      check_name: code,
      fingerprint: sha256(`${same}${number === 0 ? '' : number}`).slice('sha256:'.length),
      severity: severity === 'error' ? 'major' : 'minor',
      location: { path: file, lines: { begin: line } },
    }
  })
  return `${JSON.stringify(report, null, 2)}\n`
}
