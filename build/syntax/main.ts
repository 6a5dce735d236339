import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readFacts, readFiles, readLines } from './facts.ts'
import { grownModes } from './grown-tree.ts'
import { syntaxTable, tableModule } from './table-text.ts'

const [facts, configs, ...others] = process.argv.slice(2)
if (facts === undefined || configs === undefined) {
  process.stderr.write(
    'npm run syntax -- FACTS CONFIGS [OTHERS...]: the folder with the facts of syntax, that with collections of configurations, and those with files of collections\n',
  )
  process.exit(2)
}
const known = readFacts(facts)
const lines = [...readLines(configs), ...others.flatMap((folder) => readFiles(folder))]
const table = syntaxTable(grownModes(known, lines), known)
const file = fileURLToPath(new URL('../../src/eos/config/syntax/table.ts', import.meta.url))
writeFileSync(file, tableModule(table))
const { size } = new Set(lines.map(({ from }) => from))
process.stdout.write(
  `${Object.keys(table.modes).length} modes, out of ${known.patterns.length} patterns and ${lines.length} lines of ${size} collections\n`,
)
