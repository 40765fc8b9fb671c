package com.example;

import java.io.Serializable;

/** What an application has written itself: a class that the reader does not know. */
public class OwnUser implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String username;

    public OwnUser(String username) {
        this.username = username;
    }
}
