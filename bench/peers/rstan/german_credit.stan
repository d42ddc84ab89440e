// Logistic regression with flat priors (German credit A). The design matrix holds the intercept's ones, so that beta has our order of coordinates. The density is Stan's fused one, whose
// gradient is written by hand; bernoulli_logit(X * beta), which records it, takes more than three times as long.
data {
  int<lower=1> N;
  int<lower=1> D;
  matrix[N, D] X;
  int<lower=0, upper=1> y[N];
}
parameters {
  vector[D] beta;
}
model {
  y ~ bernoulli_logit_glm(X, 0, beta);
}
