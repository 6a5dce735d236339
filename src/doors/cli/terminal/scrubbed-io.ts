import { openBrowser } from '../../../project/identity/oidc/browser.ts'
import { Scrubber } from '../../../project/secret/scrubber.ts'
import { hintWords } from '../../../report/hint-words.ts'
import type { BareIo, Terminal } from './io.ts'

export interface ScrubbedIo extends BareIo {
  /** Hands over what was held back because a secret could have begun with it. */
  flush(): void
}

/** Puts a terminal behind a scrubber. Both outputs are streams, so that a secret which is written in pieces is found; what is held back is at most the beginning of a secret, which no line of progress ends with, and it goes out before a question. */
export function scrubbedIo(terminal: Terminal | BareIo): ScrubbedIo {
  const warn = (text: string) => err(`! ${text}\n`)
  const scrubber = 'scrubber' in terminal ? terminal.scrubber : new Scrubber(warn)
  const [results, messages] = [scrubber.stream(), scrubber.stream()]
  const pass = (write: (text: string) => void, text: string) => {
    if (text !== '') write(text)
  }
  const out = (text: string) => pass(terminal.out, results.write(text))
  const err = (text: string) => pass(terminal.err, messages.write(text))
  const flush = () => {
    pass(terminal.out, results.end())
    pass(terminal.err, messages.end())
  }
  const { live } = terminal
  return {
    ...terminal,
    scrubber,
    out,
    err,
    tell: err,
    words: hintWords,
    openPage: (url) => openBrowser(url, terminal),
    flush,
    ...(live === undefined ? {} : { live: (line) => live(line === undefined ? line : scrubber.scrub(line)) }),
    ask: (question, signal?: AbortSignal, unseen?: 'unseen') => {
      flush()
      return terminal.ask(scrubber.scrub(question), signal, unseen)
    },
  }
}
