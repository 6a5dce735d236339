import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ANTA_VERSION } from './differences.ts'

/** The folder of ANTA's own Python environment, outside of the project (`.ci/run` makes it). */
const FOLDER = process.env.EOSFLOW_ANTA ?? ''

/** Its Python. */
export const ANTA_PYTHON = join(FOLDER, 'bin/python')

/** Its command line. */
export const ANTA_COMMAND = join(FOLDER, 'bin/anta')

/** Whether ANTA is there. */
export const hasAnta = FOLDER !== '' && existsSync(ANTA_COMMAND)

/** What the name of a test says where it is not. */
export const withoutAnta = hasAnta ? '' : ' (skipped: EOSFLOW_ANTA names no folder with ANTA)'

if (!hasAnta) {
  process.stderr.write(
    `NOT TRIED: ANTA. EOSFLOW_ANTA names no folder with it: python3 -m venv FOLDER && FOLDER/bin/pip install 'anta[cli]==${ANTA_VERSION}'\n`,
  )
}
