/** German credit's rows, which the benchmarks read too. */
export { german_credit_rows, has_german_credit } from '../../../bench/models/german_credit.ts';
