//! The exponential and the logarithm by `+ - * /`: the same bits on every machine, unlike those of a library.

/// The exponential by its series, of a sixteenth of `x`.
#[must_use]
pub fn exp(x: f64) -> f64 {
    let part = x / 16.0;
    let mut term = 1.0;
    let mut sum = 1.0;
    for n in 1..14 {
        term *= part / f64::from(n);
        sum += term;
    }
    let mut out = sum;
    for _ in 0..4 {
        out *= out;
    }
    out
}

/// The natural logarithm by Newton's method on [`exp`]; zero for what has none.
#[must_use]
pub fn ln(x: f64) -> f64 {
    const LN_2: f64 = core::f64::consts::LN_2;
    if !(x.is_finite() && x > 0.0) {
        return 0.0;
    }
    let (mut scaled, mut twos) = (x, 0.0);
    while scaled > 1.5 {
        scaled /= 2.0;
        twos += 1.0;
    }
    while scaled < 0.75 {
        scaled *= 2.0;
        twos -= 1.0;
    }
    let mut guess = 0.0;
    for _ in 0..6 {
        let at = exp(guess);
        guess += 2.0 * (scaled - at) / (scaled + at);
    }
    guess + twos * LN_2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_and_logarithm_agree_with_the_library() {
        for at in -60..60 {
            let x = f64::from(at) / 10.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-12, "exp {x}");
            assert!((ln(x.exp()) - x).abs() < 1e-12, "ln {x}");
        }
        assert!((ln(68.3e9) - 68.3e9_f64.ln()).abs() < 1e-12);
    }
}
