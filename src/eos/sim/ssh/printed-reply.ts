import { type CliRefusal, type Reply, refused } from '../platform/facts.ts'

const AT_TOKEN = / \(at token \d+: '[\s\S]*'\)$/

/** What a terminal prints for a reply: the text of the command, or its errors, each behind `% `. A terminal does not say at which token a line is invalid, and calls every unfinished one `Incomplete command` (docs/eos.md 1.4). */
export function printedReply(reply: Reply, asJson = false): string {
  if (reply.ok) {
    const text = reply.terminal ?? reply.text
    return text === undefined ? printedReply(refused('The simulator prints this command in JSON only')) : text()
  }
  if (asJson && reply.code !== 1002) return `${JSON.stringify({ errors: reply.errors }, null, 4)}\n`
  if (isWrongSecret(reply)) return '% Bad secret\n'
  return reply.errors.map((error) => `% ${terminalWords(error, reply.code)}\n`).join('')
}

// EAPI says of a wrong enable secret an empty line and one about a uid (docs/eos.md 1.4).
function isWrongSecret({ code, errors }: CliRefusal) {
  return code === 1005 && errors[0] === ''
}

function terminalWords(error: string, code: CliRefusal['code']) {
  if (code !== 1002) return error
  return error.replace(AT_TOKEN, '').replace(/^Incomplete token$/, 'Incomplete command')
}
