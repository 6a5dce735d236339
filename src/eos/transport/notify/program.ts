import { spawn } from 'node:child_process'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'

interface ProgramCall {
  readonly name: string
  readonly command: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
  readonly input: string
  readonly milliseconds: number
}

/** Throws `refused` unless it ends with 0 in time; then it is killed with everything it has started. */
export function callProgram({ name, command, env, input, milliseconds }: ProgramCall): Promise<void> {
  const [program, ...args] = command
  return new Promise((resolve, reject) => {
    // A process group, so that what it has started can be ended with it.
    const child = spawn(program, args, { env, stdio: ['pipe', 'ignore', 'ignore'], detached: true })
    const fail = (why: string, cause?: unknown) => {
      clearTimeout(timer)
      killGroup(child.pid)
      reject(
        new EosflowError('refused', `${name}: the program ${why}`, {
          hint: 'Run it by hand, as this user, with a CloudEvent as its input.',
          ...definedMembers({ cause }),
        }),
      )
    }
    const timer = setTimeout(() => fail(`took longer than ${milliseconds / 1000} s`), milliseconds)
    child.once('error', (cause) => fail('cannot be started', cause))
    // One that does not read its input may have done its work all the same.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      if (code === 0) resolve()
      else fail(code === null ? `was ended by ${signal}` : `ended with exit code ${code}`)
    })
  })
}

/** Ends a process with everything that it has started. */
export function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already, which is what was wanted.
  }
}
