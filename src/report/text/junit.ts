import { present, visible } from './text.ts'

export interface JunitOutcome {
  readonly element: 'failure' | 'error' | 'skipped'
  readonly message: string
  readonly text?: string
}

export interface JunitCase {
  readonly classname: string
  readonly name: string
  readonly file?: string
  readonly line?: number
  readonly milliseconds?: number
  readonly outcomes: readonly JunitOutcome[]
}

interface JunitSuite {
  readonly name: string
  readonly cases: readonly JunitCase[]
}

interface JunitDocument {
  readonly name: string
  readonly suites: readonly JunitSuite[]
  readonly counts: 'skipped' | 'time'
}

export function junit({ name, suites, counts }: JunitDocument): string {
  const attributes = (cases: readonly JunitCase[]) => attributesOf(cases, counts)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes(suites.flatMap(({ cases }) => cases))} name="${xmlText(name)}">`,
    ...suites.flatMap((suite) => [
      `  <testsuite ${attributes(suite.cases)} name="${xmlText(suite.name)}">`,
      ...suite.cases.flatMap(caseLines),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

function attributesOf(cases: readonly JunitCase[], counts: JunitDocument['counts']) {
  const having = (element: JunitOutcome['element']) =>
    cases.filter(({ outcomes }) => outcomes.some((outcome) => outcome.element === element)).length
  const time = cases.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0)
  const last = counts === 'time' ? `time="${seconds(time)}"` : `skipped="${having('skipped')}"`
  return `tests="${cases.length}" failures="${having('failure')}" errors="${having('error')}" ${last}`
}

function caseLines({ classname, name, file, line, milliseconds, outcomes }: JunitCase) {
  const attributes = present(
    `classname="${xmlText(classname)}"`,
    `name="${xmlText(name)}"`,
    file !== undefined && `file="${xmlText(file)}"`,
    line !== undefined && `line="${line}"`,
    milliseconds !== undefined && `time="${seconds(milliseconds)}"`,
  )
  const head = `    <testcase ${attributes.join(' ')}`
  return outcomes.length === 0 ? [`${head}/>`] : [`${head}>`, ...outcomes.map(outcomeLine), '    </testcase>']
}

function outcomeLine({ element, message, text }: JunitOutcome) {
  const head = `      <${element} message="${xmlText(message)}"`
  return text === undefined ? `${head}/>` : `${head}>${xmlText(text)}</${element}>`
}

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(3)

/** Text for XML 1.0, which has no place for control characters and two others (its section 2.2). */
export function xmlText(text: string): string {
  return visible(text)
    .replaceAll(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
