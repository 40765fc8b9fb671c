package org.springframework.security.core;

import java.io.Serializable;

public interface Authentication extends Serializable {
}
