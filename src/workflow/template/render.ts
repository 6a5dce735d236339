import type { Json } from '../../model/json.ts'
import type { Checked, Place, Problem } from '../../model/problem.ts'
import { accept, refuse } from '../../source/checked.ts'
import { didYouMean } from '../../source/suggest.ts'
import { GENERATED_LIMIT } from '../../source/text.ts'
import { EngineStopped, MEMORY_MIB, withEnvironment } from './engine.ts'
import { FILTERS } from './filters.ts'

/** What a template may name. */
export type Variables = Readonly<Record<string, Json>>

/** How many instructions one rendering may cost; a loop that never ends stops here. */
const FUEL = 1_000_000

/**
 * Renders a Jinja2 template: an undefined name is a problem, not an empty text, and so is a filter that does not fit
 * its value. Problems stand at line and column of the template; `at` moves them to where it begins in its file.
 */
export function renderTemplate(text: string, at: Place, variables: Variables): Checked<string> {
  const { output, error, fault, stopped } = attempt(text, variables, FUEL)
  if (stopped === true || (output?.length ?? 0) > GENERATED_LIMIT) return refuse(tooMuch(at))
  if (fault !== undefined) return refuse({ ...fault, at: placeOfFault(text, at, variables) })
  if (output !== undefined) return accept(output)
  return refuse(explain(error ?? '', text, at, Object.keys(variables)))
}

/** The fault in the syntax of a template, or undefined. Names and filters are judged when it is rendered. */
export function templateFault(text: string, at: Place): Problem | undefined {
  try {
    withEnvironment(FUEL, (environment) => environment.addTemplate(NAME, text))
    return undefined
  } catch (thrown) {
    return thrown instanceof EngineStopped ? tooMuch(at) : explain(messageOf(thrown), text, at, [])
  }
}

/** A name that has no file ending, by which the engine would choose to escape for HTML. */
const NAME = 'template'

interface Attempt {
  readonly output?: string
  readonly error?: string
  /** The engine did not survive it. */
  readonly stopped?: true
  /** The first filter that did not fit. */
  readonly fault?: { readonly code: string; readonly message: string; readonly hint: string }
}

/** One rendering. A filter must not throw into the engine, which would not survive it, so its fault is noted aside. */
function attempt(text: string, variables: Variables, fuel: number): Attempt {
  let fault: Attempt['fault']
  try {
    const output = withEnvironment(fuel, (environment) => {
      for (const [name, filter] of Object.entries(FILTERS)) {
        environment.addFilter(name, (value: unknown, ...args: readonly unknown[]) => {
          try {
            return filter(value, ...args.filter((argument) => !(argument instanceof Map)))
          } catch (thrown) {
            fault ??= {
              code: 'template-filter',
              message: `\`${name}\`: ${messageOf(thrown)}`,
              hint: `give \`${name}\` what it is made for`,
            }
            return ''
          }
        })
      }
      return environment.renderNamedStr(NAME, text, variables)
    })
    return fault === undefined ? { output } : { fault }
  } catch (thrown) {
    if (thrown instanceof EngineStopped) return { stopped: true }
    return fault === undefined ? { error: messageOf(thrown) } : { error: messageOf(thrown), fault }
  }
}

/**
 * Where the filter stands that did not fit. The engine does not tell, but rendering costs fuel step by step: with one
 * drop less than it takes to reach the fault, it runs out right there and names the place.
 */
function placeOfFault(text: string, at: Place, variables: Variables): Place {
  let reaches = FUEL
  let short = 0
  while (reaches - short > 1) {
    const middle = Math.floor((reaches + short) / 2)
    if (attempt(text, variables, middle).fault === undefined) short = middle
    else reaches = middle
  }
  return spanOf(attempt(text, variables, short).error ?? '', text, at).place
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

interface Span {
  readonly place: Place
  /** The text that the engine points at. */
  readonly text: string
}

/** Reads line and column out of the engine's report: `(in template:2)`, and carets under the line. */
function spanOf(report: string, text: string, at: Place): Span {
  const line = Number(/\(in [^()]*:(\d+)\)/.exec(report)?.[1] ?? 1)
  const carets = /\n( *\d+ > ).*\n( *i *)(\^+)/.exec(report)
  const column = carets === null ? 1 : Math.max(1, (carets[2] ?? '').length - (carets[1] ?? '').length + 1)
  const source = text.split('\n')[line - 1] ?? ''
  return {
    place: { file: at.file, line: at.line + line - 1, column: line === 1 ? at.column + column - 1 : column },
    text: source.slice(column - 1, column - 1 + (carets?.[3] ?? '').length),
  }
}

function explain(report: string, text: string, at: Place, names: readonly string[]): Problem {
  const { place, text: span } = spanOf(report, text, at)
  const summary = (report.split('\n')[0] ?? '').replace(/ \(in [^()]*:\d+\)$/, '')
  if (summary.startsWith('undefined value')) return undefinedName(span, place, names)
  if (summary.startsWith('engine ran out of fuel')) {
    const message = `the template takes more than ${FUEL} steps`
    return { code: 'template-fuel', message, at: place, hint: 'look for a loop that is far too long here' }
  }
  if (summary.startsWith('syntax error')) {
    const hint = 'see that every {{ }}, {% %} and block is closed'
    return { code: 'template-syntax', message: `the template has a ${summary}`, at: place, hint }
  }
  const filter = /^unknown filter: filter (\S+)/.exec(summary)?.[1]
  const hint =
    filter === undefined ? 'see the value and what is done with it here' : didYouMean(filter, Object.keys(FILTERS))
  return { code: 'template-error', message: `the template cannot be rendered: ${summary}`, at: place, hint }
}

function tooMuch(at: Place): Problem {
  const message = `the template takes more than ${MEMORY_MIB} MiB, or is nested too deep`
  return {
    code: 'template-size',
    message,
    at,
    hint: 'look for a text or a list that grows with itself, or a long chain',
  }
}

function undefinedName(span: string, at: Place, names: readonly string[]): Problem {
  const member = /^[.[]\s*["']?([^"'\]]+)/.exec(span)?.[1]
  if (member !== undefined) {
    const hint = 'see the name; a tag of a switch comes from the inventory (`tags:`)'
    return { code: 'template-undefined', message: `there is no \`${member}\` here`, at, hint }
  }
  const message = `\`${span}\` is not defined`
  return {
    code: 'template-undefined',
    message,
    at,
    hint: `${didYouMean(span, names)}; a parameter is declared under \`params\``,
  }
}
