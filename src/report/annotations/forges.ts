import { sha256 } from '../../model/digest.ts'
import type { Problem } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { visibleLine } from '../text/text.ts'

interface Annotation {
  readonly severity: 'error' | 'warning'
  readonly code: string
  // What is wrong and how to mend it, as it may be shown: control and invisible characters are written out.
  readonly text: string
  // The file by its path from the root of the repository, with `/`; absent for a flag or a folder, which has no lines.
  readonly file?: string
  readonly line: number
  readonly column: number
}

type RepositoryPath = (file: string) => string | undefined

export function annotated(
  problems: readonly Problem[],
  severity: Annotation['severity'],
  pathOf: RepositoryPath,
): readonly Annotation[] {
  return problems.map(({ code, message, at, hint }) => {
    const file = pathOf(at.file)
    const place = file === undefined ? `${at.file}: ` : ''
    return {
      severity,
      code,
      text: visibleLine(`${place}${message}`) + (hint === undefined ? '' : `\n${visibleLine(hint)}`),
      ...definedMembers({ file }),
      line: at.line,
      column: at.column,
    }
  })
}

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

// What is no file is shown at `elsewhere`: the format needs no place, but the code scanning of GitHub refuses the whole log where one is
// missing (docs/unproven.md#forges).
function sarifLog(annotations: readonly Annotation[], version: string, elsewhere: string) {
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

// A path as a relative reference (RFC 3986 4.2).
function uriOf(path: string) {
  return path.split('/').map(encodeURIComponent).join('/')
}

interface AnnotationGround {
  readonly settings: string
  readonly version: string
}

export const annotationsAs: Readonly<
  Record<'github' | 'gitlab' | 'sarif', (annotations: readonly Annotation[], ground: AnnotationGround) => string>
> = {
  github: (annotations) => annotations.map(commandOf).join(''),
  gitlab: (annotations, { settings }) => gitlabReport(annotations, settings),
  sarif: (annotations, { settings, version }) => sarifLog(annotations, version, settings),
}

function commandOf({ severity, code, text, file, line, column }: Annotation) {
  const place =
    file === undefined
      ? []
      : [`file=${property(visibleLine(file))}`, `line=${line}`, `endLine=${line}`, `col=${column}`]
  return `::${severity} ${[...place, `title=${property(`eosflow ${code}`)}`].join(',')}::${data(text)}\n`
}

function data(text: string) {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string) {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

// A fingerprint does not change when lines move: it is of the file, the code and the text, and for the second of several equal ones of its
// number, too.
function gitlabReport(annotations: readonly Annotation[], elsewhere: string) {
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
