const ACTS =
  /^(?:approve|audit accept-clock|demo|drain|freeze|init|inventory refresh|key rotate|login|logout|mcp|notify (?:deliver|test)|policy retire|publish|record|recover|redrive|reject|release-device|resume|rollback|run|schedule run|serve|sessions gc|signal|sim (?:fault|start)|snapshot take|stop|store (?:accept-loss|backup|init|migrate|move|restore|seal)|suspend|trust project|unfreeze|watch|worker)$/

const HAS_RESULT: readonly number[] = [0, 2, 8]

/** `name`: its words, without arguments. */
export function printsResult(name: string): boolean {
  return !ACTS.test(name)
}

/** What is said on stderr of output that was lost for a reason (`ENOSPC`), and the exit code of a command that ended with `code`. */
export function lostOutput(name: string, code: number, lost: string): { readonly says: string; readonly code: number } {
  const isResult = printsResult(name)
  const what = isResult ? 'the result' : 'what this command has to say'
  const next = isResult
    ? 'Make room there, or print it somewhere else, and run it again: what was written is a part.'
    : 'What was done is done and on record, and the exit code tells how it ended.'
  return {
    says: `✖ standard output: it could not be written (${lost}): ${what} is lost\n    ${next}\n`,
    code: isResult && HAS_RESULT.includes(code) ? 1 : code,
  }
}
