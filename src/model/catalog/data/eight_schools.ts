/** Effects of coaching on test scores in eight schools, with standard errors: Rubin (1981), J. Educ. Stat. 6, table 1, as in Gelman et al., "Bayesian Data Analysis", section 5.5. */
export const eight_schools = {
  description: 'effects of coaching in eight schools, and their standard errors',
  source: 'Rubin 1981, J. Educ. Stat. 6',
  columns: { y: [28, 8, -3, 7, -1, 1, 18, 12], sigma: [15, 10, 16, 11, 9, 11, 10, 18] },
};
