# What R's posterior says of the draws in reference_draws.ts. From the repository's root:
#
#   apt-get install --no-install-recommends r-base-core r-cran-posterior
#   npx tsx test/diagnostics/reference_draws.ts > draws.csv
#   Rscript test/diagnostics/posterior_reference.R draws.csv > test/diagnostics/posterior_reference.csv

suppressMessages(library(posterior))
draws <- read.csv(commandArgs(trailingOnly = TRUE)[1], colClasses = c("character", "integer", "numeric"))

statistics <- list(
  rhat = rhat,
  rhat_basic = function(x) rhat_basic(x, split = FALSE),
  rhat_split = function(x) rhat_basic(x, split = TRUE),
  ess_basic = function(x) ess_basic(x, split = FALSE),
  ess_bulk = ess_bulk,
  ess_tail = ess_tail,
  ess_mean = ess_mean,
  # As posterior defines it now and mcse_sd rests on; 1.4.0 takes |x - mean(x)|.
  ess_sd = function(x) ess_mean((x - mean(x))^2),
  ess_median = ess_median,
  ess_quantile10 = function(x) ess_quantile(x, 0.1, names = FALSE),
  ess_square = function(x) ess_mean(x^2),
  mcse_mean = mcse_mean,
  mcse_sd = mcse_sd,
  mcse_median = mcse_median,
  mcse_quantile10 = function(x) mcse_quantile(x, 0.1, names = FALSE),
  energy_fraction = function(x) energy_fraction(x)
)
# Not in Debian's version of posterior (1.4.0; rhat_nested came with 1.5.0), so from the papers:
# nested R-hat from equations 15 to 19 of arXiv 2110.13017, id numbering the superchain of each column,
rhat_nested <- function(x, id) {
  chain_means <- colMeans(x)
  between_chains <- if (anyDuplicated(id)) tapply(chain_means, id, var) else 0
  within_chains <- if (nrow(x) > 1) tapply(apply(x, 2, var), id, mean) else 0
  sqrt(1 + var(tapply(chain_means, id, mean)) / mean(between_chains + within_chains))
}
# and the energy fraction of missing information (arXiv 1604.00695), here of each case's first chain.
energy_fraction <- function(x) sum(diff(x[, 1])^2) / sum((x[, 1] - mean(x[, 1]))^2)

# Superchains are neighbouring chains: so many in each.
superchains <- c(superchains = 2, superchains_of_one = 1, superchains_of_one_draw = 4)

number <- function(x) if (is.na(x)) "NaN" else if (is.infinite(x)) "Infinity" else sprintf("%.17g", x)
cat("# Made by posterior_reference.R with posterior", format(packageVersion("posterior")), "and", R.version.string, "\n")
cat("case,statistic,value\n")
for (case in unique(draws$case)) {
  rows <- draws[draws$case == case, ]
  x <- matrix(rows$value, ncol = length(unique(rows$chain)))
  for (name in names(statistics)) cat(case, ",", name, ",", number(statistics[[name]](x)), "\n", sep = "")
  if (case %in% names(superchains)) {
    ids <- (seq_len(ncol(x)) - 1) %/% superchains[[case]]
    cat(case, ",nested_rhat,", number(rhat_nested(x, ids)), "\n", sep = "")
  }
}
