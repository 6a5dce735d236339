import type { DemoChange } from '../../../features/demo/demo-workflows.ts'
import { readPlanFile } from '../../../project/history/plans/plan-source.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { styleOf } from '../../../report/text/text.ts'
import { reportFailure } from '../outcome/failure.ts'
import { asTyped, type Invocation, type Io } from '../terminal/io.ts'

export interface DemoCommands {
  plan(invocation: Invocation): Promise<number>
  run(invocation: Invocation): Promise<number>
  serve(
    invocation: Pick<Invocation, 'io' | 'global'>,
    ready: (origin: string) => void,
    more?: { readonly listen: string },
  ): Promise<number>
}

/** It is the command `plan`, its line shown as typed. */
export async function plan(
  commands: DemoCommands,
  invocation: Invocation,
  { workflow, params }: DemoChange,
  out: string,
): Promise<number> {
  const flags = params.map((param) => ` -p ${shellWord(param)}`).join('')
  type(invocation, `eosflow plan ${workflow}${flags} -o ${out}`)
  return codeOf(invocation, () =>
    commands.plan({ ...invocation, io: withoutNext(invocation.io), args: [workflow], options: { param: params, out } }),
  )
}

/** It is the command `run`. */
export async function run(commands: DemoCommands, invocation: Invocation, file: string): Promise<number> {
  const { digest } = readPlanFile(invocation.io, file)
  type(invocation, `eosflow run ${file} --approve ${digest}`)
  return codeOf(invocation, () =>
    commands.run({ ...invocation, io: withoutNext(invocation.io), args: [file], options: { approve: digest } }),
  )
}

// The line `Next:` and what hangs below it.
const NEXT = /^Next:.*\n(?: {6}.*\n)*/gm

function withoutNext(io: Io): Io {
  return { ...io, out: (text) => io.out(text.replace(NEXT, '')) }
}

function type({ io }: Invocation, line: string) {
  const { dim, bold } = styleOf(io)
  io.out(`\n${dim('$')} ${bold(asTyped(line, io))}\n`)
}

async function codeOf({ io, global }: Invocation, command: () => Promise<number>) {
  try {
    return await command()
  } catch (error) {
    return reportFailure(error, io, global)
  }
}
