import { OUTCOMES } from './sources.ts'

/** Runs one command line of the program. */
interface Runs {
  eosflow(...argv: readonly string[]): Promise<{ readonly out: string }>
}

/** The id of the newest execution, also of one that sent nothing to a switch: those `@latest` passes over. */
export async function newest(lab: Runs): Promise<string> {
  const every = [...OUTCOMES, 'open'].flatMap((state) => ['--state', state])
  const { out } = await lab.eosflow('executions', ...every, '-n', '1', '--json')
  const [first] = (JSON.parse(out) as { executions: { id: string }[] }).executions
  if (first === undefined) throw new Error('nothing is on record')
  return first.id
}
