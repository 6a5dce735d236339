import type { Command } from '../../../model/command.ts'

export type QuestionOutcome = Command | 'more' | 'nothing'

export interface Question {
  readonly heading: string
  readonly prompt: string
  readonly echo: boolean
  answer(line: string): QuestionOutcome
  end(line: string): QuestionOutcome
}

const PLAIN = { heading: '', prompt: '', echo: true, end: (): QuestionOutcome => 'nothing' }

/** What `enable` asks where there is a secret; under TACACS+ no blank follows the colon (docs/eos.md 5.1). */
export function secretQuestion(isTacacs: boolean): Question {
  const prompt = isTacacs ? 'Password:' : 'Password: '
  return { ...PLAIN, prompt, echo: false, answer: (input) => ({ cmd: 'enable', input }) }
}

/** What `reload` asks on a terminal; Enter and `y` confirm [I]. */
export function reloadQuestion(): Question {
  const prompt = 'Proceed with reload? [confirm]'
  return { ...PLAIN, prompt, answer: (line) => (/^(y.*)?$/i.test(line.trim()) ? { cmd: 'reload now' } : 'nothing') }
}

/** The texts behind a command, each closed by `EOF`: a banner, a mode comment, a certificate and its key. */
export function textQuestion(cmd: string, texts: number): Question {
  const rows: string[] = []
  let left = texts
  return {
    ...PLAIN,
    heading: "Enter TEXT message. Type 'EOF' on its own line to end.",
    answer: (line) => {
      if (line.trim() === 'EOF') left -= 1
      if (left === 0) return { cmd, input: rows.join('\n') }
      rows.push(line)
      return 'more'
    },
    end: () => ({ cmd, input: rows.join('\n') }),
  }
}

/** The rows of `copy terminal: session-config`, up to Ctrl-D (docs/eos.md 2.1). */
export function pasteQuestion(cmd: string): Question {
  const rows: string[] = []
  return {
    ...PLAIN,
    answer: (line) => {
      rows.push(line)
      return 'more'
    },
    end: (line) => ({ cmd, input: [...rows, line].join('\n') }),
  }
}

/** What the switch asks before it takes a configuration line; only `y` takes it (arista.eos#368). */
export function lineQuestion(cmd: string, prompt: string): Question {
  return { ...PLAIN, prompt: `${prompt} `, answer: (line) => (/^\s*y/i.test(line) ? { cmd } : 'nothing') }
}
