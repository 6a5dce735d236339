import { spawn } from 'node:child_process'
import { killGroup } from '../../../eos/transport/notify/program.ts'
import { EosflowError } from '../../../model/error.ts'
import { allowedEnv } from '../../secret/program.ts'

export interface GitCall {
  readonly args: readonly string[]
  readonly input?: string
  /** How the remote of this call is reached; absent: no remote is. */
  readonly over?: GitTransport
  /** So many bytes of output are read. */
  readonly most?: number
}

export type GitTransport = 'https' | 'ssh' | 'file'

export interface GitAnswer {
  readonly code: number
  readonly out: Buffer
  /** Why it has failed, in its words, without the password of an address. */
  readonly said: string
}

/** Throws `protocol` where there is no `git`, `unreachable` where it takes longer than 60 s, and `guard` for more output than is read. */
export type Git = (call: GitCall) => Promise<GitAnswer>

// How long a call may take, in milliseconds.
const LONGEST = 60_000
const MOST = 16 * 1_048_576

// What `git` and the `ssh` that it calls need of the environment, and nothing more: no option of anybody's shell.
const PASSED = ['PATH', 'HOME', 'SSH_AUTH_SOCK', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy']

const FIXED = {
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_OPTIONAL_LOCKS: '0',
  // The name of a folder is no pattern: others would be committed with it (gitglossary(7), pathspec).
  GIT_LITERAL_PATHSPECS: '1',
}

// Whatever the configuration of the repository says: no program of it runs but those that log in, nothing is cleared away, certificates are
// verified (git-config(1)).
const CONFIG = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.alternateRefsCommand=true',
  'core.symlinks=false',
  'core.askPass=',
  'credential.interactive=false',
  'fetch.recurseSubmodules=false',
  'fetch.writeCommitGraph=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'http.sslVerify=true',
  'safe.bareRepository=explicit',
].flatMap((entry) => ['-c', entry])

/** The `git` of this machine, in a folder. */
export function gitIn(dir: string, env: Readonly<Record<string, string | undefined>>): Git {
  const passed = allowedEnv(PASSED, env)
  return ({ args, input = '', over, most = MOST }) => {
    return new Promise((resolve, reject) => {
      // A session of its own has no terminal to ask at, and ends with all that it has started.
      const child = spawn('git', [...CONFIG, ...args], {
        cwd: dir,
        // Unlike `protocol.allow` the configuration of the repository opens no other way (git(1)).
        env: { ...passed, ...FIXED, GIT_ALLOW_PROTOCOL: over ?? 'none' },
        detached: true,
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      const out: Buffer[] = []
      let [size, said] = [0, '']
      const giveUp = (error: EosflowError) => {
        reject(error)
        killGroup(child.pid)
      }
      const late = setTimeout(() => giveUp(tooLate()), LONGEST)
      child.stdout.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > most) giveUp(tooMuch(most))
        else out.push(chunk)
      })
      child.stderr.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-4_096)
      })
      child.on('error', (cause) => {
        clearTimeout(late)
        reject(noGit(cause))
      })
      child.on('close', (code) => {
        clearTimeout(late)
        resolve({ code: code ?? 128, out: Buffer.concat(out), said: reasonIn(said) })
      })
      child.stdin.on('error', () => undefined)
      child.stdin.end(input)
    })
  }
}

function reasonIn(text: string) {
  const lines = text.split('\n').flatMap((line) => line.trim() || [])
  const at = lines.findIndex((line) => /^(?:fatal|error): /.test(line))
  const told = at < 0 ? lines.slice(-1) : lines.slice(Math.max(0, at - 1), at + 1)
  return told.join('; ').replaceAll(/(\w+:\/\/)[^/@\s]*@/g, '$1')
}

function noGit(cause: Error) {
  return new EosflowError('protocol', 'git could not be started', { hint: 'Install Git 2.32 or newer.', cause })
}

function tooLate() {
  return new EosflowError('unreachable', `git did not end within ${LONGEST / 1_000} s`)
}

function tooMuch(most: number) {
  return new EosflowError('guard', `git gave more than ${most / 1_048_576} MiB`)
}
