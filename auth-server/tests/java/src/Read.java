import java.io.ByteArrayInputStream;
import java.io.ObjectInputStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import java.util.TreeMap;

/** Reads streams as a Spring server does, and says what is in them: a line for each file. */
public class Read {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(Files.readAllBytes(Path.of(file))));
            StringBuilder said = new StringBuilder();
            tell(stream.readObject(), said);
            System.out.println(said);
        }
    }

    private static void tell(Object value, StringBuilder said) throws Exception {
        if (value instanceof Date) {
            said.append(((Date) value).getTime());
        } else if (value instanceof Map) {
            said.append('{');
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                said.append(entry.getKey()).append('=');
                tell(entry.getValue(), said);
                said.append(' ');
            }
            said.append('}');
        } else if (value instanceof Collection) {
            said.append('[');
            for (Object element : (Collection<?>) value) {
                tell(element, said);
                said.append(' ');
            }
            said.append(']');
        } else if (value != null && value.getClass().getName().startsWith("org.springframework.")) {
            said.append(value.getClass().getSimpleName()).append('(');
            Map<String, Object> fields = new TreeMap<>();
            for (Class<?> level = value.getClass(); level != null; level = level.getSuperclass()) {
                for (Field field : level.getDeclaredFields()) {
                    if (!java.lang.reflect.Modifier.isStatic(field.getModifiers())) {
                        field.setAccessible(true);
                        fields.put(field.getName(), field.get(value));
                    }
                }
            }
            for (Map.Entry<String, Object> field : fields.entrySet()) {
                said.append(field.getKey()).append('=');
                tell(field.getValue(), said);
                said.append(' ');
            }
            said.append(')');
        } else {
            said.append(value);
        }
    }
}
