import { InputError, orProblems } from '../app/input-error.ts'
import { paramsWithSecret } from '../app/params-with-secret.ts'
import { readGiven } from '../app/read-given.ts'
import { type Problem, problemOf } from '../model/problem.ts'
import { type GivenParams, readParamsFile } from '../workflow/param/read.ts'
import type { Invocation } from './io.ts'

/** The parameters of `-p key=value` and `--params FILE`; what is typed wins. Throws InputError, also for one that holds a secret. */
export function givenParams(invocation: Invocation): GivenParams {
  const given = typedParams(invocation)
  const problems = paramsWithSecret(invocation.io, given).map(secretInParam)
  if (problems.length > 0) throw new InputError(problems)
  return given
}

/** A parameter is on record, in the plan and in what approvers see; without its secret it would be another parameter. */
function secretInParam(name: string): Problem {
  return problemOf(
    `-p ${name}`,
    'secret-parameter',
    `the parameter \`${name}\` holds a secret of this project`,
    'Parameters are recorded and shown to approvers. Give the secret by its reference where it is needed.',
  )
}

function typedParams({ io, options }: Invocation): GivenParams {
  const file = options.params
  const fromFile =
    typeof file === 'string' ? orProblems(readParamsFile(readGiven(io, file), file)) : ({} satisfies GivenParams)
  const typed = (Array.isArray(options.param) ? options.param : []).map(String)
  const pairs = typed.map((pair) => {
    const at = pair.indexOf('=')
    if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)] as const
    throw new InputError([
      problemOf(`-p ${pair}`, 'bad-param', `\`-p ${pair}\` is not key=value`, 'Write for example -p vlan=120.'),
    ])
  })
  return { ...fromFile, ...Object.fromEntries(pairs) }
}
