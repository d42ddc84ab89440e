/** Writes a German credit target's rows for the command line and the peers: `node --import tsx test/sample/data/write_german_credit.ts a|b|c > FILE.csv`. */

import { type GermanCredit, german_credit_csv, has_german_credit } from '../../../bench/models/german_credit.ts';

const variant = process.argv[2] ?? '';
if (!['a', 'b', 'c'].includes(variant)) throw new Error(`"${variant}" is none of the targets a, b, c`);
if (!has_german_credit)
  throw new Error('the raw file is missing: shared/data/german-credit/german_data_numeric.csv beside the repository');
process.stdout.write(german_credit_csv(variant as GermanCredit));
