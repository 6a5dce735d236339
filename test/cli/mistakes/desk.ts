import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { main } from '../../../src/cli/program.ts'
import { shellWord } from '../../../src/report/shell-word.ts'
import { DC1 } from '../../lab/checkout.ts'
import { type Files, writeFiles } from '../../lab/files.ts'
import { temporaryFolder } from '../../lab/folder.ts'
import { type Lab, openLab, seamsOf, whileTimePasses } from '../../lab/lab.ts'
import { typed as runTyped } from '../../lab/typed.ts'
import { FILES } from './project.ts'

/** How a command line is typed: who sits there, and what the machine has. */
export interface AtDesk {
  /** The answers to the questions, in turn; without it no person is there. */
  readonly answers?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** The folder; default: the project. */
  readonly cwd?: string
  /** Real addresses, and real time. */
  readonly real?: boolean
}

/** One mistake: its title says what a person did, and `make` does it. */
export interface Mistake {
  readonly title: string
  /** The id of the row that it belongs to, where one asked for it. */
  readonly row?: string
  readonly make: (desk: Desk) => Promise<void>
}

/** A project as `eosflow init` makes it, with its simulated switches in memory, and what is typed there. */
export interface Desk {
  readonly dir: string
  readonly lab: Lab
  /** Runs a command line and shows it with its whole output and exit code. */
  types(argv: readonly string[], at?: AtDesk): Promise<void>
  /** Runs one that is no mistake, and gives its output. Throws unless it ends with one of the codes. */
  prepares(argv: readonly string[], at?: AtDesk, codes?: readonly number[]): Promise<string>
  write(files: Files): void
  read(path: string): string
  /** Gives the project the fabric of its switches. */
  copyFabric(): void
  /** Has the text show one word for another: a port that was free, a name that was drawn. */
  stands(word: string | number, shown: string): void
  readonly shown: string
}

/** Sets up the project of one mistake. */
export function startDesk(): Desk {
  const lab = openLab({ judgesLogins: true })
  const above = temporaryFolder()
  const dir = join(above, 'my-network')
  writeFiles(dir, FILES)
  const words: [string, string][] = []
  let shown = ''
  const run = async (argv: readonly string[], { answers, env = {}, cwd = '.', real = false }: AtDesk = {}) => {
    let said = ''
    const say = (text: string): void => {
      said += text
    }
    const work = runTyped(join(dir, cwd), argv, {
      env: { XDG_STATE_HOME: join(above, 'state'), ...env },
      ...(answers === undefined ? {} : { answers }),
      ...(real ? {} : { seams: seamsOf(lab, { judgesLogins: true }) }),
      command: (line, terminal) =>
        main(line, {
          ...terminal,
          out: say,
          err: say,
          ask: async (question) => {
            const answer = await terminal.ask(question)
            say(`${question}${answer ?? ''}\n`)
            return answer
          },
        }),
    })
    const { code } = await (real ? work : whileTimePasses(lab.clock, work))
    return { code, said }
  }
  return {
    dir,
    lab,
    types: async (argv, at) => {
      const { code, said } = await run(argv, at)
      shown += `$ eosflow ${argv.map(shellWord).join(' ')}\n${said}[exit ${code}]\n`
    },
    prepares: async (argv, at, codes = [0]) => {
      const { code, said } = await run(argv, at)
      if (!codes.includes(code)) throw new Error(`exit ${code}: ${said}`)
      return said
    },
    write: (files) => writeFiles(dir, files),
    read: (path) => readFileSync(join(dir, path), 'utf8'),
    copyFabric: () => cpSync(DC1, join(dir, 'fabrics/dc1'), { recursive: true }),
    stands: (word, as) => void words.push([String(word), as]),
    get shown() {
      return words.reduce((text, [word, as]) => text.replaceAll(word, as), steady(shown, above))
    },
  }
}

/** The text without what is another one at each run, or on another machine. */
function steady(text: string, above: string): string {
  return (
    text
      .replaceAll(above, '/home/ann')
      .replace(/^.*running as root.*\n/gm, '')
      .replace(/\blocal:\d+:[\w-]+@[\w.-]+/g, 'local:1000:ann@noc1')
      .replace(/\b\d{8}-\d{6}-[0-9a-f]{8}\b/g, 'EXECUTION')
      .replace(/sha256:[0-9a-f]{64}/g, 'sha256:DIGEST')
      .replace(/(plan|bound to|·|approved|rejected|digest|Digest:|plan is|is) [0-9a-f]{8}\b/g, '$1 DIGEST8')
      .replace(/\bprocess \d+/g, 'process 4711')
      // Its own tests hold the text of a plan.
      .replace(/^[\w-]+ · \d+ switch(?:es)? · local:[\s\S]*?^(Plan: .*)$/gm, '(the plan)\n$1')
      .replace(/^\d\d:\d\d:\d\dZ/gm, 'HH:MM:SSZ')
  )
}
