import type { JsonObject } from '../../../model/json.ts'
import { type ParamsFor, typedParams } from '../../../project/plan/typed-params.ts'
import { shellWord } from '../../../report/shell-word.ts'
import type { Invocation } from '../terminal/io.ts'
import { text, texts } from './options.ts'

/** The parameters of `-p key=value` and `--params FILE`, for a workflow. Throws InputError. */
export function givenParams({ io, options }: Invocation): ParamsFor {
  return typedParams(io, { flag: '-p', pairs: texts(options.param), file: text(options.params) })
}

/** The parameters of a change, as a command line gives them again; `hidden`: those whose value may be a secret, which a file gives. */
export function paramFlags(params: JsonObject, hidden: ReadonlySet<string> = NONE): string {
  const shown = Object.entries(params).filter(([name]) => !hidden.has(name))
  const flags = shown.map(([name, value]) => {
    // A record is too long for a line: what was approved is found again by the same file.
    const isRecord = JSON.stringify(value).includes('{') && typeof value !== 'string'
    const written = typeof value === 'string' ? value : isRecord ? '@FILE' : JSON.stringify(value)
    return ` -p ${shellWord(`${name}=${written}`)}`
  })
  const isHidden = shown.length < Object.keys(params).length
  return `${flags.join('')}${isHidden ? ' --params FILE' : ''}`
}

const NONE: ReadonlySet<string> = new Set()
