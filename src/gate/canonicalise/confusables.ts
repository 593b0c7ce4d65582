// Letters that look like a Latin letter, folded to it. Full-width, mathematical, circled and roman forms are NFKC's
// business and not listed. One letter has one place whatever its case, so that a language keeps matching itself.

const LOOKALIKES: Readonly<Record<string, string>> = {
  a: 'аɑαᴀաᎪꓮⲁ',
  b: 'вβʙᏴꓐƅⲃ',
  c: 'сᴄᏟꓚⲥ',
  d: 'ԁᴅđᎠꓓɖɗ',
  e: 'еεᴇҽᎬꓰⲉєɛ',
  f: 'ꜰꓝƒք',
  g: 'ɡɢցᏀꓖɠ',
  h: 'һнʜհᎻꓧħⲏ',
  i: 'іιıɪᎥꓲɩⲓ',
  j: 'јᴊյᎫꓙϳ',
  k: 'кκᴋᏦꓗⲕƙ',
  l: 'ӏʟᏞꓡłⅼɭ',
  m: 'мμᴍᎷꓟⲙ',
  n: 'ηɴոꓠⲛɳո',
  o: 'оοσօᴏꓳøⲟ',
  p: 'рρᴘᏢꓑⲣƥ',
  q: 'ԛզգ',
  r: 'ʀᎡꓣɾг',
  s: 'ѕꜱᏚꓢʂʃտ',
  t: 'тτᴛᎢꓔŧⲧ',
  u: 'υᴜսꓴʊ',
  v: 'νᴠѵᏙꓦⱱʋ',
  w: 'ԝᴡᎳꓪωա',
  x: 'хχꓫⲭ',
  y: 'уʏүᎽꓬⲩγ',
  z: 'ᴢᏃꓜƶʐ',
  ss: 'ß',
  ae: 'æ',
  oe: 'œ',
};

/** Look-alike (lower case) -> Latin. The first listing wins. */
export const CONFUSABLES: ReadonlyMap<string, string> = new Map(
  Object.entries(LOOKALIKES)
    .flatMap(([latin, letters]) => Array.from(letters, (letter) => [letter.toLowerCase(), latin] as const))
    .toReversed(),
);
