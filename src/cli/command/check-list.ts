import { documentedChecks } from '../../app/check/documented.ts'
import { type CheckDocs, checksMarkdown } from '../../report/check-docs.ts'
import { count } from '../../report/count.ts'
import { colored, plain, type Style } from '../../report/style.ts'
import type { Invocation } from '../io.ts'

/** The catalogue of checks: all, or those that a word is found in. Needs no project and contacts nothing. */
export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const word = args[0]?.toLowerCase() ?? ''
  const checks = documentedChecks().filter(({ name, alsoKnownAs, module, summary }) =>
    [name, ...alsoKnownAs, module, summary].some((text) => text.toLowerCase().includes(word)),
  )
  if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'checks', checks })}\n`)
  else if (options.markdown === true) io.out(checksMarkdown(checks))
  else io.out(`${listText(checks, io.color ? colored : plain)}\n`)
  return 0
}

function listText(checks: readonly CheckDocs[], style: Style): string {
  const modules = [...new Set(checks.map(({ module }) => module))]
  const blocks = modules.flatMap((module) => [
    style.bold(module),
    ...checks.filter((check) => check.module === module).flatMap((check) => checkLines(check, style)),
    '',
  ])
  return [...blocks, `Catalogue: ${count(checks.length, 'check')}`, 'Next: eosflow check show NAME'].join('\n')
}

function checkLines({ name, alsoKnownAs, summary }: CheckDocs, style: Style): readonly string[] {
  const short = alsoKnownAs.length === 0 ? '' : style.dim(` (${alsoKnownAs.join(', ')})`)
  return [`  ${name}${short}`, `      ${summary}`]
}
