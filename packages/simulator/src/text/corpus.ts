import { countTokens, endOfTokens } from "./count-tokens.ts";
import { Dice } from "./dice.ts";
import { seedWords } from "./seed-words.ts";

const CORPUS_SENTENCES = 2_000;

const VOCABULARY =
  `a about above across after again air all along also always among an and animal answer any around as ask
at autumn away back bay be bear because before begin below best better between bird blue boat book both bridge bright bring
broad brook build but by call calm can carry cause chain change city clear cliff close cloud coast cold come copper corner
could count cover cross dark day deep desert do door down draw dream dry each early earth east edge end engine enough even
evening every far farm fast father feel few field find fire first fish five flat floor flow follow food for forest form four
free from front full garden gate gentle give glass go gold good grain grass gray great green ground group grow half hand
harbour hard have he head hear heart heavy help here high hill hold home horse hour house how idea if in iron island it jar
just keep kind know lake land large last late laugh lead leaf learn leave left less letter level life light like line listen
little live long look low machine make many map market meadow measure meet metal mile mill mind minute moon more morning
most mother mountain mouth move much music must name narrow near never new next night no north not note now number ocean of
off often old on once one only open or orange order other our out over own page paper part pass path people perhaps place
plain plan plant point pond quiet rail rain reach read ready red rest rich ride right river road rock roof room round run
sail salt same sand say school sea second see seed send seven shade shape she shore short show side signal silver since six
sky slow small snow so soft some song soon sound south spring square stand star start stay steam step still stone stop storm
story stream street strong such summer sun sure swim table take tall teach tell ten than that the their them then there they
thing think this three through time to today together toward tower town track train travel tree true turn two under until up
us use valley very voice wait walk wall warm watch water way we weather well west what wheel when where while white why wide
wild will wind window winter wise with wood word work world write year yellow yes you young`.split(/\s+/);

/** Characters that JSON must escape or UTF-8 writes in several bytes, so that byte-wise mistakes of a reader show. */
const AWKWARD_WORDS = [
  "naïve",
  "Zürich",
  "façade",
  "señal",
  "e=mc²",
  '"plain"',
  "back\\slash",
  "東京",
  "река",
  "🚂",
  "“quoted”",
];

interface Sentence {
  /** What stands between this sentence and the one before. */
  readonly separator: " " | "\n\n";
  readonly text: string;
  readonly tokens: number;
}

/** Sentences made from the seed alone; answers are runs of them. */
export class Corpus {
  readonly #sentences: readonly Sentence[];

  constructor(seed: string) {
    const dice = new Dice(seedWords("corpus", seed));
    this.#sentences = Array.from({ length: CORPUS_SENTENCES }, () => composeSentence(dice));
  }

  /** A text of exactly `tokens` tokens that begins with a sentence. */
  compose(tokens: number, dice: Dice): string {
    let text = "";
    let missing = tokens;
    for (let index = dice.nextInteger(0, CORPUS_SENTENCES - 1); missing > 0; index += 1) {
      const sentence = this.#sentences[index % CORPUS_SENTENCES];
      if (sentence === undefined) break;
      // A single space belongs to the word after it; an empty line is a token.
      const separator = text === "" ? "" : sentence.separator;
      if (separator === "\n\n") missing -= 1;
      text += separator;
      text +=
        missing >= sentence.tokens ? sentence.text : sentence.text.slice(0, endOfTokens(sentence.text, 0, missing));
      missing -= sentence.tokens;
    }
    return text;
  }
}

function composeSentence(dice: Dice): Sentence {
  const separator = dice.nextInteger(0, 5) === 0 ? "\n\n" : " ";
  const opening = pick(VOCABULARY, dice);
  // A sentence begins with a plain word, so that a space before it always belongs to its first token.
  let text = `${opening.charAt(0).toUpperCase()}${opening.slice(1)}`;
  const length = dice.nextInteger(5, 16);
  for (let word = 1; word < length; word += 1)
    text += ` ${pick(VOCABULARY, dice)}${dice.nextInteger(0, 11) === 0 ? "," : ""}`;
  if (dice.nextInteger(0, 19) === 0) text += ` ${pick(AWKWARD_WORDS, dice)}`;
  text += ` ${pick(VOCABULARY, dice)}.`;
  return { separator, text, tokens: countTokens(text) };
}

function pick(words: readonly string[], dice: Dice): string {
  return words[dice.nextInteger(0, words.length - 1)] ?? "";
}
