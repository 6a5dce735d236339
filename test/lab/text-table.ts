/** The rows of a table in text: a line for each, with its cells between bars. */
export const rowsOf = (table: string): readonly (readonly string[])[] =>
  table
    .trim()
    .split('\n')
    .map((line) => line.split('||').map((cell) => cell.trim()))
