/**
 * Means and standard deviations of German credit B's posterior, with the means' standard errors, in the order of the model: 24 weights, bias. From TensorFlow Probability (commit 2d1719a,
 * Apache-2.0), spinoffs/inference_gym/inference_gym/targets/ground_truth/german_credit_numeric_logistic_regression.py, rounded to seven decimals. No standard errors of the standard deviations are
 * given: as the means' errors are sd / √ESS, those of the standard deviations are about that over √2.
 */
export const german_credit_b_moments: readonly (readonly [mean: number, mcse: number, sd: number])[] = [
  [-0.7351049, 5.842e-5, 0.0898314],
  [0.4185424, 7.243e-5, 0.1043339],
  [-0.4140361, 6.288e-5, 0.0949436],
  [0.1268726, 7.585e-5, 0.1082156],
  [-0.3645358, 6.115e-5, 0.094518],
  [-0.178699, 6.021e-5, 0.0920999],
  [-0.1528721, 5.204e-5, 0.0819457],
  [0.0130936, 5.861e-5, 0.0909625],
  [0.1807162, 7.295e-5, 0.1042714],
  [-0.1107785, 6.49e-5, 0.0970666],
  [-0.2243484, 4.99e-5, 0.0788687],
  [0.1223954, 6.283e-5, 0.0941518],
  [0.0287758, 5.431e-5, 0.0856816],
  [-0.1362821, 6.406e-5, 0.0946356],
  [-0.2922211, 7.893e-5, 0.1179484],
  [0.2783576, 5.308e-5, 0.0827858],
  [-0.2996278, 6.703e-5, 0.1033865],
  [0.3037273, 8.521e-5, 0.12113],
  [0.2703879, 7.766e-5, 0.1112999],
  [0.1225156, 1.0413e-4, 0.137487],
  [-0.0629305, 1.0841e-4, 0.1431173],
  [-0.0927173, 6.237e-5, 0.0903692],
  [-0.0253863, 9.655e-5, 0.1275741],
  [-0.0229521, 9.49e-5, 0.1248884],
  [-1.2033367, 6.225e-5, 0.0918959],
];
