import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { verifyExport } from '../../../src/app/audit/verify.ts'
import { InputError } from '../../../src/app/input-error.ts'
import { checkpointVerifier } from '../../../src/journal/audit/checkpoint-key.ts'
import { checkpointNotesIn } from '../../../src/journal/audit/checkpoint-notes.ts'
import { hintWords } from '../../../src/report/hint-words.ts'

const SCRIPT = fileURLToPath(new URL('../../../docs/verify-export.py', import.meta.url))

/** Whether this machine has Python. */
export const PYTHON = spawnSync('python3', ['--version']).status === 0

/** What somebody has who verifies an export without the store. */
export interface GivenExport {
  readonly lines: readonly string[]
  /** A file of checkpoints that were kept outside; none where it is empty. */
  readonly outside: string
}

/** What is found of an export: it holds up to its last record, up to its newest checkpoint, or not at all; or nothing is, which is a defect. */
export type Verdict = 'holds' | 'holds in part' | 'does not hold' | 'fails'

/** A verdict, and the words that it was given with. */
export interface Spoken {
  readonly verdict: Verdict
  readonly words: string
}

/** Runs the script once for many arguments: a process for each takes ten times as long. */
const DRIVER = `
import contextlib, importlib.util, io, json, sys
spec = importlib.util.spec_from_file_location('verify_export', sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
signed = {}
plain = module.is_signed
module.is_signed = lambda *given: signed[given] if given in signed else signed.setdefault(given, plain(*given))
found = []
for given in json.load(sys.stdin):
    out, code = io.StringIO(), 0
    with contextlib.redirect_stdout(out):
        try:
            module.main(*given)
        except module.DoesNotHold as why:
            out.write(str(why))
            code = 6
        except Exception as defect:
            out.write(repr(defect))
            code = 1
    found.append([code, out.getvalue()])
json.dump(found, sys.stdout)
`

/** Verifies exports in one folder, here and in Python, each by a public key. */
export class BothVerifiers {
  readonly #folder: string
  readonly #pem: string
  readonly #cases: (readonly [path: string, ...outside: readonly string[]])[] = []

  constructor(folder: string, pem: string) {
    this.#folder = folder
    this.#pem = pem
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'eosflow.pub'), pem)
  }

  /** Writes an export, and gives what is found of it here. */
  here({ lines, outside }: GivenExport): Spoken {
    const stem = join(this.#folder, String(this.#cases.length))
    writeFileSync(`${stem}.jsonl`, lines.map((line) => `${line}\n`).join(''))
    if (outside !== '') writeFileSync(`${stem}.note`, outside)
    this.#cases.push([`${stem}.jsonl`, ...(outside === '' ? [] : [`${stem}.note`])])
    const anchors = outside === '' ? [] : [{ file: 'worm', notes: checkpointNotesIn(outside) }]
    const measure = { verifier: checkpointVerifier(this.#pem), anchors, now: undefined, words: hintWords }
    try {
      const { fault, unvouched } = verifyExport(`${stem}.jsonl`, 'the export', measure)
      if (fault !== undefined) return { verdict: 'does not hold', words: fault.reason }
      return { verdict: unvouched === undefined ? 'holds' : 'holds in part', words: JSON.stringify(unvouched ?? '') }
    } catch (error) {
      const isRefused = error instanceof InputError
      return { verdict: isRefused ? 'does not hold' : 'fails', words: String(error) }
    }
  }

  /** What Python finds of each export that was written, in order. */
  inPython(): readonly Spoken[] {
    const given = this.#cases.map(([path, ...outside]) => [
      '--pubkey',
      join(this.#folder, 'eosflow.pub'),
      path,
      ...outside,
    ])
    const ran = spawnSync('python3', ['-c', DRIVER, SCRIPT], {
      input: JSON.stringify(given),
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    })
    if (ran.status !== 0) throw new Error(ran.stderr)
    return (JSON.parse(ran.stdout) as readonly (readonly [number, string])[]).map(([code, words]) => {
      if (code !== 0) return { verdict: code === 6 ? 'does not hold' : 'fails', words }
      return { verdict: words.includes('nobody vouches') ? 'holds in part' : 'holds', words }
    })
  }
}
