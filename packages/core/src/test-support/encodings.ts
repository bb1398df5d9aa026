/** Ways in which a server can write what it was sent. */
export const encodings: Readonly<Record<string, (text: string) => string>> = {
  raw: (text) => text,
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  percent: (text) => percent(text),
  percentTwice: (text) => encodeURIComponent(percent(text)),
  html: (text) => [...Buffer.from(text)].map((byte) => `&#${byte};`).join(''),
  htmlHex: (text) => [...Buffer.from(text)].map((byte) => `&#x${byte.toString(16)};`).join(''),
  json: (text) => [...Buffer.from(text)].map((byte) => `\\u00${hex(byte)}`).join(''),
  jsonTwice: (text) => JSON.stringify(JSON.stringify(text)),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  base64Twice: (text) => Buffer.from(Buffer.from(text).toString('base64')).toString('base64'),
  hex: (text) => Buffer.from(text).toString('hex'),
  utf16: (text) => Buffer.from(text, 'utf16le').toString('hex'),
  spaced: (text) => Array.from(text).join(' '),
  lines: (text) => (text.match(/.{1,4}/gs) ?? []).join('\n'),
  dashes: (text) => (text.match(/.{1,6}/gs) ?? []).join('-'),
  backwards: (text) => Array.from(text).toReversed().join(''),
  codes: (text) => [...Buffer.from(text)].join(' '),
  rot13: (text) =>
    text.replaceAll(/[a-z]/gi, (letter) => {
      const first = letter < 'a' ? 65 : 97
      return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first)
    }),
}

function percent(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${hex(byte)}`).join('')
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}
