/** Prints one measurement as a line of JSON. */
export type Print = (row: object) => void

const name = process.argv[2]
if (name === undefined || !/^[a-z][a-z0-9-]*$/.test(name) || name === 'main') {
  process.stderr.write('usage: npm run bench -- NAME, where bench/NAME.ts exports a function NAME\n')
  process.exit(2)
}
const { [name]: bench } = (await import(`./${name}.ts`)) as Record<string, (print: Print) => void | Promise<void>>
if (bench === undefined) throw new Error(`bench/${name}.ts exports no function ${name}`)
await bench((row) => {
  process.stdout.write(`${JSON.stringify(row)}\n`)
})
