import { exits, inProcess, json, warns } from '../../../lab/lab.ts'

/** What is typed in the folder of a project, in this process. */
export interface TypedIn {
  eosflow(...argv: readonly string[]): ReturnType<typeof inProcess>
  /** Expects it to end well, and gives what it has printed. */
  done(...argv: readonly string[]): Promise<string>
  /** What it prints with `--json`, however it ends. */
  json(...argv: readonly string[]): Promise<ReturnType<typeof JSON.parse>>
  /** Expects it to end with an exit code, and words on its standard error. */
  refused(code: number, words: string | RegExp, ...argv: readonly string[]): Promise<void>
}

/** What is typed in a folder. */
export function typedIn(dir: string): TypedIn {
  const eosflow: TypedIn['eosflow'] = (...argv) => inProcess(argv, dir)
  return {
    eosflow,
    done: async (...argv) => (await exits(0, eosflow(...argv))).stdout,
    json: (...argv) => json(eosflow(...argv, '--json')),
    refused: async (code, words, ...argv) => void (await warns(code, eosflow(...argv), words)),
  }
}
