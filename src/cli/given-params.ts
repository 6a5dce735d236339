import { type ParamsFor, typedParams } from '../app/typed-params.ts'
import type { Invocation } from './io.ts'
import { text, texts } from './options.ts'

/** The parameters of `-p key=value` and `--params FILE`, for a workflow. Throws InputError. */
export function givenParams({ io, options }: Invocation): ParamsFor {
  return typedParams(io, { flag: '-p', pairs: texts(options.param), file: text(options.params) })
}
