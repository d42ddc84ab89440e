# NUTS of rstan on German credit A, on one core: one line of JSON with its times, gradients and effective sample sizes.
#
#   Rscript nuts.R data=FILE.csv [chains=4] [warmup=1000] [draws=1000] [seed=1] [metric=diag_e] [delta=0.8] [flags=-O2] [cache=FOLDER]
#
# data: columns y, x[0] … x[23] (test/sample/data/write_german_credit.ts writes them). cache: where a compiled model is kept; compiling takes most of a minute and is in no time printed.
#
# Times are the CPU seconds that Stan's own sampler counts around its loops: they hold no R, and no waiting where other programs share the core. One leapfrog step is one joint evaluation of
# the log density and its gradient. ESS is posterior::ess_mean (split chains, no rank normalisation), of every coordinate and of its square; its smallest over the coordinates counts.

suppressMessages(library(rstan))

settings <- list(chains = "4", warmup = "1000", draws = "1000", seed = "1", metric = "diag_e", delta = "0.8", flags = "-O3 -march=native -mtune=native", cache = tempdir())
for (argument in commandArgs(trailingOnly = TRUE)) {
  parts <- regmatches(argument, regexec("^([a-z]+)=(.*)$", argument))[[1]]
  if (length(parts) != 3 || !(parts[2] %in% c("data", names(settings)))) stop("not understood: ", argument)
  settings[[parts[2]]] <- parts[3]
}
if (is.null(settings$data)) stop("data=FILE.csv is missing")
count <- function(name) as.integer(settings[[name]])

# Debian's BH package leaves Boost where the compiler finds it.
if (!file.exists(rstan_options("boost_lib"))) invisible(rstan_options(boost_lib = "/usr/include"))

# The flags that Stan's guide for R advises, a fifth faster here than R's own. With them and Debian's rstan, which is built without AVX, a model that records X * beta aborts (double free);
# this one was never seen to. Should it: flags=-O2.
makevars <- tempfile()
writeLines(paste("CXX14FLAGS =", settings$flags), makevars)
Sys.setenv(R_MAKEVARS_USER = makevars)

compiled_model <- function(file, cache) {
  kept <- file.path(cache, paste0(tools::md5sum(file), "-", packageVersion("rstan"), gsub("[^a-z0-9]", "", settings$flags), ".rds"))
  if (file.exists(kept)) return(readRDS(kept))
  model <- stan_model(file, auto_write = FALSE)
  saveRDS(model, kept)
  model
}

read_rows <- function(file) {
  rows <- as.matrix(read.csv(file, check.names = FALSE))
  X <- cbind(1, rows[, colnames(rows) != "y"])
  list(N = nrow(X), D = ncol(X), X = X, y = as.integer(rows[, "y"]))
}

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
model <- compiled_model(file.path(here, "german_credit.stan"), settings$cache)
fit <- sampling(
  model,
  data = read_rows(settings$data), chains = count("chains"), cores = 1, warmup = count("warmup"), iter = count("warmup") + count("draws"),
  seed = count("seed"), refresh = 0, control = list(metric = settings$metric, adapt_delta = as.numeric(settings$delta), max_treedepth = 14)
)

beta <- as.array(fit, pars = "beta") # [draw][chain][coordinate]
ess <- function(values) apply(values, 3, posterior::ess_mean)
column <- function(name, warmup) unlist(lapply(get_sampler_params(fit, inc_warmup = TRUE), function(chain) {
  chain[if (warmup) seq_len(count("warmup")) else -seq_len(count("warmup")), name]
}))
seconds <- colSums(get_elapsed_time(fit))
leapfrogs <- sum(column("n_leapfrog__", FALSE))
theta <- ess(beta)
square <- ess(beta^2)
worst <- min(theta, square)
means <- apply(beta, 3, mean)
cat(jsonlite::toJSON(auto_unbox = TRUE, digits = 8, list(
  tool = "rstan", version = as.character(packageVersion("rstan")), estimator = "posterior::ess_mean", posterior = as.character(packageVersion("posterior")),
  flags = settings$flags, metric = settings$metric, delta = as.numeric(settings$delta), chains = count("chains"), warmup = count("warmup"), draws = count("draws"), seed = count("seed"),
  seconds = list(warmup = seconds[["warmup"]], sampling = seconds[["sample"]], total = sum(seconds)),
  leapfrogs = list(warmup = sum(column("n_leapfrog__", TRUE)), sampling = leapfrogs),
  step_size = mean(column("stepsize__", FALSE)), acceptance = mean(column("accept_stat__", FALSE)), divergences = sum(column("divergent__", FALSE)),
  microseconds_per_leapfrog = 1e6 * seconds[["sample"]] / leapfrogs,
  ess_min = list(theta = min(theta), square = min(square)),
  ess_per_leapfrog = list(theta = min(theta) / leapfrogs, square = min(square) / leapfrogs),
  ess_per_second = list(sampling = worst / seconds[["sample"]], total = worst / sum(seconds)),
  mean = means, sd = apply(beta, 3, sd)
)), "\n")
